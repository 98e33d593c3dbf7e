// Command volumes gives each PersistentVolumeClaim of the cluster's StorageClass a directory of the node, and removes
// the directory when the claim is gone: what a cluster's storage provisioner does, for one node.
package main

import (
	"context"
	"flag"
	"log"
	"os"
	"path/filepath"
	"strings"

	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

const (
	provisionedBy = "pv.kubernetes.io/provisioned-by"
	provisioner   = "flinkcluster.io/node-directory"
)

func main() {
	kubeconfig := flag.String("kubeconfig", "", "how to reach the API server")
	class := flag.String("class", "standard", "name of the StorageClass")
	directory := flag.String("directory", "", "where the volumes are")
	flag.Parse()

	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		log.Fatal(err)
	}
	client := kubernetes.NewForConfigOrDie(config)
	factory := informers.NewSharedInformerFactory(client, 0)

	watch(factory.Core().V1().PersistentVolumeClaims().Informer(), func(claim *core.PersistentVolumeClaim) error {
		if claim.Spec.StorageClassName == nil || *claim.Spec.StorageClassName != *class || claim.Spec.VolumeName != "" ||
			claim.DeletionTimestamp != nil {
			return nil
		}
		return provide(client, *directory, claim)
	})
	watch(factory.Core().V1().PersistentVolumes().Informer(), func(volume *core.PersistentVolume) error {
		if volume.Annotations[provisionedBy] != provisioner || volume.Status.Phase != core.VolumeReleased ||
			volume.Spec.PersistentVolumeReclaimPolicy != core.PersistentVolumeReclaimDelete {
			return nil
		}
		return remove(client, *directory, volume)
	})

	stop := make(chan struct{})
	factory.Start(stop)
	<-stop
}

// watch calls handle for each object when it appears and when it changes. A failure is logged; the next change tries again.
func watch[T any](informer cache.SharedIndexInformer, handle func(*T) error) {
	call := func(object any) {
		if err := handle(object.(*T)); err != nil {
			log.Print(err)
		}
	}
	_, err := informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    call,
		UpdateFunc: func(_, object any) { call(object) },
	})
	if err != nil {
		log.Fatal(err)
	}
}

func provide(client kubernetes.Interface, directory string, claim *core.PersistentVolumeClaim) error {
	name := "pvc-" + string(claim.UID)
	path := filepath.Join(directory, name)
	if err := os.MkdirAll(path, 0o777); err != nil {
		return err
	}
	// Whatever user a pod runs as may write to it; the umask has no say.
	if err := os.Chmod(path, 0o777); err != nil {
		return err
	}
	kind := core.HostPathDirectory
	_, err := client.CoreV1().PersistentVolumes().Create(context.Background(), &core.PersistentVolume{
		ObjectMeta: meta.ObjectMeta{Name: name, Annotations: map[string]string{provisionedBy: provisioner}},
		Spec: core.PersistentVolumeSpec{
			AccessModes:                   claim.Spec.AccessModes,
			Capacity:                      core.ResourceList{core.ResourceStorage: claim.Spec.Resources.Requests[core.ResourceStorage]},
			StorageClassName:              *claim.Spec.StorageClassName,
			PersistentVolumeReclaimPolicy: core.PersistentVolumeReclaimDelete,
			ClaimRef: &core.ObjectReference{
				APIVersion: "v1", Kind: "PersistentVolumeClaim", Namespace: claim.Namespace, Name: claim.Name, UID: claim.UID,
			},
			PersistentVolumeSource: core.PersistentVolumeSource{HostPath: &core.HostPathVolumeSource{Path: path, Type: &kind}},
		},
	}, meta.CreateOptions{})
	if errors.IsAlreadyExists(err) {
		return nil
	}
	return err
}

func remove(client kubernetes.Interface, directory string, volume *core.PersistentVolume) error {
	path := volume.Spec.HostPath.Path
	if strings.HasPrefix(path, directory+"/pvc-") {
		if err := os.RemoveAll(path); err != nil {
			return err
		}
	}
	err := client.CoreV1().PersistentVolumes().Delete(context.Background(), volume.Name, meta.DeleteOptions{})
	if errors.IsNotFound(err) {
		return nil
	}
	return err
}
